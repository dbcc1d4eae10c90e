/**
 * The settings of both processes: which there are, what each means, and how texts become values.
 *
 * <p>{@link dev.refloat.settings.Settings} is the way in; {@code Contract} declares every setting
 * once. Nothing here reads the environment, a file or a clock: texts come in as a map.
 */
@NullMarked
package dev.refloat.settings;

import org.jspecify.annotations.NullMarked;
