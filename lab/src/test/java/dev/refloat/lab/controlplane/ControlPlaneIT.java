package dev.refloat.lab.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.lab.LabExtension;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class ControlPlaneIT {

  @Test
  void a_service_account_has_its_own_rights_and_no_more(ControlPlane controlPlane, World world) {
    var kubeconfig = controlPlane.kubeconfigFor(world.namespace(), "default");

    try (KubernetesClient client = Clients.sendingOnce(kubeconfig)) {
      assertThat(client.getKubernetesVersion().getGitVersion()).startsWith("v1.");
      assertThatThrownBy(() -> client.nodes().list())
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("system:serviceaccount:" + world.namespace() + ":default");
    }
  }

  @Test
  void kubeconfigs_are_for_their_owner_only(ControlPlane controlPlane) throws Exception {
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(controlPlane.adminKubeconfig())))
        .isEqualTo("rw-------");
  }

  @Test
  void kubectl_fits(ControlPlane controlPlane) throws Exception {
    ProcessBuilder kubectl =
        new ProcessBuilder(controlPlane.kubectl().toString(), "get", "--raw", "/readyz")
            .redirectErrorStream(true);
    kubectl.environment().put("KUBECONFIG", controlPlane.adminKubeconfig().toString());

    Process process = kubectl.start();

    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("ok");
    assertThat(process.waitFor()).isZero();
  }
}
