package dev.refloat.process;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Makes lines in one thread, whoever logs; who logs waits for it, so that nothing is told later
 * than it is done. An encoder keeps some 15 KB of buffers for each thread that ever used it, and
 * ours are many: a recovery is a thread that logs a line and then waits for a minute.
 */
final class InOneThread extends EncoderBase<ILoggingEvent> {

  private final Encoder<ILoggingEvent> encoder;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("log-lines").factory());

  InOneThread(Encoder<ILoggingEvent> encoder) {
    this.encoder = encoder;
  }

  @Override
  public void start() {
    encoder.setContext(getContext());
    encoder.start();
    super.start();
  }

  @Override
  public void stop() {
    super.stop();
    thread.shutdown();
    encoder.stop();
  }

  @Override
  public byte[] headerBytes() {
    return encoder.headerBytes();
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    return CompletableFuture.supplyAsync(() -> encoder.encode(event), thread).join();
  }

  @Override
  public byte[] footerBytes() {
    return encoder.footerBytes();
  }
}
