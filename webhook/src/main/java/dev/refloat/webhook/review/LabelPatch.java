package dev.refloat.webhook.review;

import dev.refloat.admission.Decision;
import dev.refloat.admission.PodAdmission;
import dev.refloat.optin.Names;
import java.util.List;
import java.util.Map;

/**
 * The JSON Patch (RFC 6902) that a decision amounts to.
 *
 * @param operations none = nothing is to be changed
 */
record LabelPatch(List<Operation> operations) {

  private static final String LABELS = "/metadata/labels";

  /** RFC 6901: a slash in a name is written as {@code ~1}. */
  private static final String OURS =
      LABELS + "/" + Names.LOCAL_STORAGE.replace("~", "~0").replace("/", "~1");

  LabelPatch {
    operations = List.copyOf(operations);
  }

  /** One operation, as it is written. */
  sealed interface Operation {
    record Add(String op, String path, Object value) implements Operation {
      Add(String path, Object value) {
        this("add", path, value);
      }
    }

    record Remove(String op, String path) implements Operation {
      Remove(String path) {
        this("remove", path);
      }
    }
  }

  /**
   * @param hasLabels whether the pod has a map of labels; one cannot be added to if it is not there
   */
  static LabelPatch of(Decision decision, boolean hasLabels) {
    return new LabelPatch(
        switch (decision) {
          case Decision.Label _ ->
              List.of(
                  hasLabels
                      ? new Operation.Add(OURS, PodAdmission.EARNED)
                      : new Operation.Add(
                          LABELS, Map.of(Names.LOCAL_STORAGE, PodAdmission.EARNED)));
          case Decision.Unlabel _ -> List.of(new Operation.Remove(OURS));
          case Decision.Leave _ -> List.of();
        });
  }
}
