@NullMarked
package dev.refloat.controller;

import org.jspecify.annotations.NullMarked;
