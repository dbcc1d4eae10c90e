package dev.refloat.lab.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTest {

  @ParameterizedTest
  @CsvSource({
    "GET,    /api/v1/namespaces/a/pods/db-0,                    GET,    pods,         a, db-0, ''",
    "GET,    /api/v1/namespaces/a/pods?limit=500,               LIST,   pods,         a, '',   ''",
    "GET,    /api/v1/pods?watch=true&resourceVersion=1,         WATCH,  pods,         '', '',  ''",
    "GET,    /api/v1/nodes?fieldSelector=a&watch=1,             WATCH,  nodes,        '', '',  ''",
    "GET,    /api/v1/nodes?allowWatchBookmarks=true,            LIST,   nodes,        '', '',  ''",
    "PATCH,  /api/v1/persistentvolumes/v,                       PATCH,  persistentvolumes, '', v, ''",
    "POST,   /api/v1/namespaces/a/pods/db-0/eviction,           CREATE, pods,         a, db-0, eviction",
    "PUT,    /apis/apps/v1/namespaces/a/statefulsets/db/scale,  UPDATE, statefulsets, a, db,   scale",
    "DELETE, /api/v1/namespaces/a/pods/db-0,                    DELETE, pods,         a, db-0, ''",
    "DELETE, /api/v1/namespaces/a/pods,             DELETE_COLLECTION,  pods,         a, '',   ''",
    "GET,    /api/v1/namespaces/a,                              GET,    namespaces,  '', a,    ''",
    "PUT,    /api/v1/namespaces/a/finalize,                     UPDATE, namespaces,  '', a,    finalize",
    "GET,    /api/v1/namespaces,                                LIST,   namespaces,  '', '',   ''",
    "POST,   /apis/events.k8s.io/v1/namespaces/a/events,        CREATE, events,       a, '',   ''",
    "GET,    /version,                                          GET,    '',          '', '',   ''",
    "GET,    /apis/apps/v1,                                     GET,    '',          '', '',   ''",
  })
  void is_read_as_the_API_server_reads_it(
      String method,
      String target,
      Verb verb,
      String resource,
      String namespace,
      String name,
      String subresource) {
    assertThat(Request.of(method, target))
        .isEqualTo(new Request(verb, resource, namespace, name, subresource, target));
  }

  @Test
  void of_a_method_that_Kubernetes_does_not_know_is_a_mistake() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Request.of("BREW", "/api/v1/pods"))
        .withMessageContaining("BREW");
  }

  @Test
  void is_meant_by_verb_resource_and_name() {
    Request request = Request.of("DELETE", "/api/v1/namespaces/a/pods/db-0");

    assertThat(Requests.delete("pods").include(request)).isTrue();
    assertThat(Requests.delete("pods").named("db-0").include(request)).isTrue();
    assertThat(Requests.writes().include(request)).isTrue();
    assertThat(Requests.writes("pods", "nodes").include(request)).isTrue();
    assertThat(Requests.delete("pods").named("db-1").include(request)).isFalse();
    assertThat(Requests.patch("pods").include(request)).isFalse();
    assertThat(Requests.delete("nodes").include(request)).isFalse();
    assertThat(Requests.reads().include(request)).isFalse();
    assertThat(Requests.writes("nodes").include(request)).isFalse();
  }
}
