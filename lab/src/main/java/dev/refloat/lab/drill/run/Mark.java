package dev.refloat.lab.drill.run;

import java.time.Instant;

/** When something happened to the app. */
public record Mark(Moment moment, Instant at) {}
