@NullMarked
package dev.refloat.lab.database;

import org.jspecify.annotations.NullMarked;
