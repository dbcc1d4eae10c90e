package dev.refloat.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestsTest {

  @ParameterizedTest
  @CsvSource({
    "GET,    /api/v1/nodes?limit=500,                            list,   nodes",
    "GET,    /api/v1/nodes?limit=500&continue=abc,               page,   nodes",
    "GET,    /api/v1/nodes/n1,                                   get,    nodes",
    "GET,    /api/v1/namespaces/shop,                            get,    namespaces",
    "GET,    /api/v1/namespaces/shop/pods?limit=500,             list,   pods",
    "GET,    /api/v1/pods?watch=true&fieldSelector=x,            watch,  pods",
    "DELETE, /api/v1/namespaces/shop/persistentvolumeclaims/d-0, delete, persistentvolumeclaims",
    "PATCH,  /api/v1/persistentvolumes/pv-1,                     patch,  persistentvolumes",
    "GET,    /apis/apps/v1/namespaces/shop/statefulsets/db,      get,    statefulsets",
    "GET,    /apis/storage.k8s.io/v1/csinodes/n1,                get,    csinodes",
    "POST,   /apis/events.k8s.io/v1/namespaces/shop/events,      create, events",
    "PUT,    /api/v1/namespaces/refloat-system/secrets/refloat-tls, update, secrets",
    "GET,    /version,                                           list,   other",
  })
  void a_request_is_counted_by_what_it_asks_for(
      String method, String path, String verb, String resource) {
    assertThat(Requests.Asked.of(method, URI.create("https://10.0.0.1:443" + path)))
        .isEqualTo(new Requests.Asked(verb, resource));
  }
}
