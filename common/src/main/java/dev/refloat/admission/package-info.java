/**
 * Decides about objects that are about to be created: which pods get the label that the controller
 * watches.
 *
 * <p>Pure: facts in, a {@link dev.refloat.admission.Decision} out. How an AdmissionReview or a JSON
 * Patch looks, and how storage is looked up, is the webhook's business. The label is an index and
 * never an authority: where something is not known the pod is labelled, since a label too many
 * costs nothing and a missing one loses a recovery.
 */
@NullMarked
package dev.refloat.admission;

import org.jspecify.annotations.NullMarked;
