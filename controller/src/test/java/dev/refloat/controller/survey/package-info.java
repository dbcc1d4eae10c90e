@NullMarked
package dev.refloat.controller.survey;

import org.jspecify.annotations.NullMarked;
