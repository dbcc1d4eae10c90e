/** What came of drills, as a page with pictures and as JSON. Knows nothing of Kubernetes. */
@NullMarked
package dev.refloat.lab.drill.report;

import org.jspecify.annotations.NullMarked;
