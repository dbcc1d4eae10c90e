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

  private Reviews() {}
}
