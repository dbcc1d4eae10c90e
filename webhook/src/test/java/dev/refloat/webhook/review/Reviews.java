package dev.refloat.webhook.review;

/** AdmissionReviews as a real API server sends them. */
public final class Reviews {

  /** A pod of StatefulSet {@code shop/db}, opted in, with two claims. */
  public static final String POD_CREATED =
      """
      {
        "kind": "AdmissionReview",
        "apiVersion": "admission.k8s.io/v1",
        "request": {
          "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
          "kind": {"group": "", "version": "v1", "kind": "Pod"},
          "resource": {"group": "", "version": "v1", "resource": "pods"},
          "requestKind": {"group": "", "version": "v1", "kind": "Pod"},
          "requestResource": {"group": "", "version": "v1", "resource": "pods"},
          "name": "db-0",
          "namespace": "shop",
          "operation": "CREATE",
          "userInfo": {
            "username": "system:serviceaccount:kube-system:statefulset-controller",
            "groups": ["system:serviceaccounts", "system:authenticated"]
          },
          "object": {
            "kind": "Pod",
            "apiVersion": "v1",
            "metadata": {
              "name": "db-0",
              "generateName": "db-",
              "namespace": "shop",
              "creationTimestamp": null,
              "labels": {
                "app": "db",
                "controller-revision-hash": "db-6f9d5b7c9",
                "statefulset.kubernetes.io/pod-name": "db-0"
              },
              "annotations": {
                "refloat.dev/recover": "true",
                "refloat.dev/after": "30s",
                "prometheus.io/scrape": "true"
              },
              "ownerReferences": [
                {
                  "apiVersion": "apps/v1",
                  "kind": "StatefulSet",
                  "name": "db",
                  "uid": "9d1b2c3e-0000-4000-8000-000000000001",
                  "controller": true,
                  "blockOwnerDeletion": true
                }
              ],
              "managedFields": [
                {"manager": "kube-controller-manager", "fieldsV1": {"f:metadata": {"f:labels": {}}}}
              ]
            },
            "spec": {
              "volumes": [
                {"name": "data", "persistentVolumeClaim": {"claimName": "data-db-0"}},
                {"name": "logs", "persistentVolumeClaim": {"claimName": "logs-db-0"}},
                {"name": "kube-api-access-x", "projected": {"sources": [{"downwardAPI": {}}]}}
              ],
              "containers": [
                {"name": "db", "image": "db:1", "env": [{"name": "A", "value": "b"}]}
              ]
            },
            "status": {}
          },
          "oldObject": null,
          "dryRun": false,
          "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"}
        }
      }
      """;

  /** Somebody puts our label on a pod. */
  public static final String POD_CHANGED =
      """
      {
        "kind": "AdmissionReview",
        "apiVersion": "admission.k8s.io/v1",
        "request": {
          "uid": "8",
          "resource": {"group": "", "version": "v1", "resource": "pods"},
          "name": "db-0",
          "namespace": "shop",
          "operation": "UPDATE",
          "userInfo": {"username": "jane"},
          "object": {"metadata": {"name": "db-0", "namespace": "shop",
            "labels": {"app": "db", "refloat.dev/local-storage": "true"}}, "spec": {}},
          "oldObject": {"metadata": {"name": "db-0", "namespace": "shop",
            "labels": {"app": "db"}}, "spec": {}}
        }
      }
      """;

  /** StatefulSet {@code shop/db} opts in, among other things. */
  public static final String SET_CHANGED =
      """
      {
        "kind": "AdmissionReview",
        "apiVersion": "admission.k8s.io/v1",
        "request": {
          "uid": "9",
          "resource": {"group": "apps", "version": "v1", "resource": "statefulsets"},
          "name": "db",
          "namespace": "shop",
          "operation": "UPDATE",
          "userInfo": {"username": "jane", "groups": ["system:masters"]},
          "object": {
            "kind": "StatefulSet",
            "apiVersion": "apps/v1",
            "metadata": {
              "name": "db",
              "labels": {"app": "db", "refloat.dev/x": "y"},
              "annotations": {"kubectl.kubernetes.io/last": "{}", "refloat.dev/paused": "true"}
            },
            "spec": {
              "replicas": 3,
              "selector": {"matchLabels": {"app": "db"}},
              "template": {
                "metadata": {"labels": {"app": "db"}, "annotations": {"refloat.dev/recover": "true"}},
                "spec": {
                  "containers": [{"name": "db", "image": "db:1"}],
                  "volumes": [
                    {"name": "shared", "persistentVolumeClaim": {"claimName": "shared"}},
                    {"name": "data", "persistentVolumeClaim": {"claimName": "replaced"}},
                    {"name": "scratch", "emptyDir": {}}
                  ]
                }
              },
              "volumeClaimTemplates": [
                {"kind": "PersistentVolumeClaim", "metadata": {"name": "data"},
                 "spec": {"storageClassName": "fast", "resources": {"requests": {"storage": "1Gi"}}}},
                {"metadata": {"name": "logs", "annotations": {"refloat.dev/attempt": "1",
                 "volume.beta.kubernetes.io/storage-class": "old"}}, "spec": {"storageClassName": "new"}},
                {"metadata": {"name": "tmp"}, "spec": {"storageClassName": ""}},
                {"metadata": {"name": "any"}, "spec": {}}
              ]
            }
          },
          "oldObject": {"metadata": {"name": "db"}, "spec": {"template": {}}},
          "dryRun": true
        }
      }
      """;

  private Reviews() {}
}
