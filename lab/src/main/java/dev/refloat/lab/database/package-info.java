/**
 * A real database that replicates itself: three NATS servers with a JetStream, and a client that
 * writes and reads all along and knows what was acknowledged. Nothing here knows of Refloat.
 */
@NullMarked
package dev.refloat.lab.database;

import org.jspecify.annotations.NullMarked;
