/**
 * AdmissionReview v1 on the wire: what is read of a request, how an answer is written.
 *
 * <p>Reviews have up to 7 MiB and four may come at once in a container of 128Mi. They are read from
 * the stream into small records; everything else is skipped, never kept: no tree, no buffered body,
 * a bound on every string and list.
 */
@NullMarked
package dev.refloat.webhook.review;

import org.jspecify.annotations.NullMarked;
