package dev.refloat.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndPortTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0:8080",
        "127.0.0.1:0",
        "255.255.255.255:65535",
        "[::]:8080",
        "[::1]:1",
        "[2001:db8:0:1:2:3:4:5]:443",
        "[fe80::1:2]:80",
        "[1::]:9"
      })
  void reads_an_address_and_prints_it_again(String text) {
    assertThat(HostAndPort.parse(text)).map(HostAndPort::toString).contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":8080",
        "8080",
        "1.2.3.4",
        "1.2.3.4:",
        "1.2.3.4:-1",
        "1.2.3.4:65536",
        "1.2.3:80",
        "1.2.3.256:80",
        "01.2.3.4:80",
        "::1:80",
        "[::1]",
        "[1.2.3.4]:80",
        "[:::]:80",
        "[1:2]:80",
        "[1::2::3]:80",
        "[12345::]:80",
        "[1:2:3:4:5:6:7:8:9]:80",
        "[1:2:3:4::5:6:7:8]:80",
        "[fe80::1%eth0]:80",
        "example.com:80",
        "1.2.3.4:80 "
      })
  void refuses_what_no_server_could_listen_on(String text) {
    assertThat(HostAndPort.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:80, 127.0.0.1:80, true",
    "localhost:80, 127.0.0.1:80, true",
    "0.0.0.0:80,   127.0.0.1:80, true",
    "127.0.0.1:80, [::]:80,      true",
    "127.0.0.1:80, 127.0.0.2:80, false",
    "127.0.0.1:80, 127.0.0.1:81, false",
    "0.0.0.0:0,    0.0.0.0:0,    false",
  })
  void knows_which_servers_are_in_each_others_way(String one, String other, boolean collide) {
    HostAndPort first = HostAndPort.parse(one).orElseThrow();
    HostAndPort second = HostAndPort.parse(other).orElseThrow();

    assertThat(first.collidesWith(second)).isEqualTo(collide);
    assertThat(second.collidesWith(first)).isEqualTo(collide);
  }
}
