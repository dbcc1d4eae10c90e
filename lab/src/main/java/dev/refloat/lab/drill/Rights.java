package dev.refloat.lab.drill;

import dev.refloat.lab.drill.run.Script;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/** What Refloat's service accounts may do, asked of the API server (SubjectAccessReview). */
record Rights(KubernetesClient client, String namespace) {

  private static final String CONTROLLER = "refloat-controller";
  private static final String WEBHOOK = "refloat-webhook";

  /** A request that an account may or may not be allowed to make. */
  private record Request(String verb, String group, String resource, String subresource) {

    static Request to(String verb, String group, String resource) {
      return new Request(verb, group, resource, "");
    }

    @Override
    public String toString() {
      return "%s %s%s".formatted(verb, resource, subresource.isEmpty() ? "" : "/" + subresource);
    }
  }

  private static final List<Request> A_RECOVERY_TAKES =
      List.of(
          Request.to("list", "", "pods"),
          Request.to("watch", "", "pods"),
          Request.to("delete", "", "pods"),
          Request.to("get", "", "persistentvolumeclaims"),
          Request.to("delete", "", "persistentvolumeclaims"),
          Request.to("patch", "", "persistentvolumeclaims"),
          Request.to("get", "", "persistentvolumes"),
          Request.to("patch", "", "persistentvolumes"),
          Request.to("list", "", "nodes"),
          Request.to("get", "apps", "statefulsets"),
          Request.to("get", "storage.k8s.io", "storageclasses"),
          Request.to("create", "events.k8s.io", "events"),
          Request.to("patch", "events.k8s.io", "events"));

  private static final List<Request> NOBODY_OF_US_NEEDS =
      List.of(
          Request.to("get", "", "secrets"),
          Request.to("list", "", "secrets"),
          Request.to("create", "", "pods"),
          new Request("create", "", "pods", "exec"),
          Request.to("create", "", "persistentvolumeclaims"),
          Request.to("delete", "", "persistentvolumes"),
          Request.to("delete", "", "nodes"),
          Request.to("update", "", "nodes"),
          Request.to("patch", "", "nodes"),
          Request.to("delete", "", "namespaces"),
          Request.to("update", "apps", "statefulsets"),
          Request.to("patch", "apps", "statefulsets"),
          Request.to("delete", "apps", "statefulsets"),
          Request.to("create", "rbac.authorization.k8s.io", "clusterrolebindings"),
          Request.to("impersonate", "", "users"));

  private static final List<Request> THE_WEBHOOK_NEVER_DELETES =
      List.of(
          Request.to("delete", "", "pods"),
          Request.to("delete", "", "persistentvolumeclaims"),
          Request.to("patch", "", "persistentvolumes"));

  void check(Script script) {
    checkAllowed(script, CONTROLLER, A_RECOVERY_TAKES);
    checkDenied(script, CONTROLLER, NOBODY_OF_US_NEEDS);
    checkDenied(script, WEBHOOK, NOBODY_OF_US_NEEDS);
    checkDenied(script, WEBHOOK, THE_WEBHOOK_NEVER_DELETES);
  }

  private void checkAllowed(Script script, String account, List<Request> requests) {
    List<Request> denied = requests.stream().filter(each -> !isAllowed(account, each)).toList();
    script.check(
        account + " may do what a recovery takes",
        "allowed: " + requests,
        denied.isEmpty() ? requests.size() + " rights of " + requests.size() : "denied: " + denied,
        denied.isEmpty());
  }

  private void checkDenied(Script script, String account, List<Request> requests) {
    List<Request> allowed = requests.stream().filter(each -> isAllowed(account, each)).toList();
    script.check(
        "%s may not: %s, ...".formatted(account, requests.getFirst()),
        "denied: " + requests,
        allowed.isEmpty() ? requests.size() + " requests denied" : "allowed: " + allowed,
        allowed.isEmpty());
  }

  private boolean isAllowed(String account, Request request) {
    SubjectAccessReview answer =
        client
            .authorization()
            .v1()
            .subjectAccessReview()
            .create(
                new SubjectAccessReviewBuilder()
                    .withNewSpec()
                    .withUser("system:serviceaccount:%s:%s".formatted(Known.NAMESPACE, account))
                    .withGroups(
                        "system:serviceaccounts",
                        "system:serviceaccounts:" + Known.NAMESPACE,
                        "system:authenticated")
                    .withResourceAttributes(
                        new ResourceAttributesBuilder()
                            .withNamespace(namespace)
                            .withVerb(request.verb())
                            .withGroup(request.group())
                            .withResource(request.resource())
                            .withSubresource(
                                request.subresource().isEmpty() ? null : request.subresource())
                            .build())
                    .endSpec()
                    .build());
    return Boolean.TRUE.equals(answer.getStatus().getAllowed());
  }
}
