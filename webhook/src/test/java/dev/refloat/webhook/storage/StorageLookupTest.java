package dev.refloat.webhook.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.refloat.admission.ClaimStorage;
import dev.refloat.admission.ClaimStorage.OfClass;
import dev.refloat.admission.ClaimStorage.OnVolume;
import dev.refloat.admission.ClaimStorage.Unanswered;
import dev.refloat.admission.ClaimStorage.Undetermined;
import dev.refloat.admission.ClassStorage;
import dev.refloat.storage.VolumeSource;
import dev.refloat.webhook.storage.StorageObjects.Claim;
import dev.refloat.webhook.storage.StorageObjects.LookupFailedException;
import dev.refloat.webhook.storage.StorageObjects.StorageClass;
import dev.refloat.webhook.storage.StorageObjects.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StorageLookupTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  private final StorageObjects objects = mock(StorageObjects.class);
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final StorageLookup lookup = lookup(Duration.ofSeconds(10), 4);

  @BeforeEach
  void nothing_exists_unless_said_otherwise() throws Exception {
    when(objects.claim(anyString(), anyString())).thenReturn(Optional.empty());
    when(objects.volume(anyString())).thenReturn(Optional.empty());
    when(objects.storageClass(anyString())).thenReturn(Optional.empty());
  }

  @AfterEach
  void close() {
    lookup.close();
  }

  @Test
  void a_claim_with_a_volume_is_known_by_its_volume() throws Exception {
    claim("data", Optional.of("pv-1"), Optional.of("fast"));
    when(objects.volume("pv-1"))
        .thenReturn(Optional.of(new Volume(new VolumeSource.Local(), Optional.empty())));

    assertThat(look("data"))
        .containsExactly(new OnVolume("data", "pv-1", new VolumeSource.Local(), Optional.empty()));
    verify(objects, never()).storageClass(any());
  }

  @Test
  void a_claim_without_a_volume_is_known_by_the_provisioner_of_its_class() throws Exception {
    claim("data", Optional.empty(), Optional.of("fast"));
    when(objects.storageClass("fast"))
        .thenReturn(Optional.of(new StorageClass("topolvm.io", false)));

    assertThat(look("data")).containsExactly(new OfClass("data", "fast", "topolvm.io"));
  }

  @Test
  void says_why_nobody_can_tell_yet() throws Exception {
    claim("lost", Optional.of("pv-1"), Optional.of("fast"));
    claim("undefaulted", Optional.empty(), Optional.empty());
    claim("static", Optional.empty(), Optional.of(""));
    claim("dangling", Optional.empty(), Optional.of("slow"));

    assertThat(look("absent", "lost", "undefaulted", "static", "dangling"))
        .containsExactly(
            new Undetermined("absent", "the claim does not exist yet"),
            new Undetermined("lost", "volume pv-1 does not exist"),
            new Undetermined("undefaulted", "the claim has no storage class yet"),
            new Undetermined("static", "the claim wants a volume without a class"),
            new Undetermined("dangling", "storage class slow does not exist"));
  }

  @Test
  void a_read_that_fails_is_no_absence() throws Exception {
    when(objects.claim("shop", "data"))
        .thenThrow(
            new LookupFailedException("cannot read claim shop/data", new IllegalStateException()));

    assertThat(look("data")).containsExactly(new Unanswered("data", "cannot read claim shop/data"));
  }

  @Test
  void stops_reading_when_it_is_enough() throws Exception {
    claim("first", Optional.empty(), Optional.of("fast"));
    when(objects.storageClass("fast")).thenReturn(Optional.of(new StorageClass("enough", false)));

    assertThat(look("first", "second")).hasSize(1);
    verify(objects, never()).claim("shop", "second");
  }

  @Test
  void remembers_a_class_for_half_a_minute() throws Exception {
    claim("data", Optional.empty(), Optional.of("fast"));
    when(objects.storageClass("fast"))
        .thenReturn(Optional.of(new StorageClass("topolvm.io", false)));

    assertThat(look("data")).containsExactly(new OfClass("data", "fast", "topolvm.io"));
    now.set(NOW.plusSeconds(29));
    assertThat(look("data")).containsExactly(new OfClass("data", "fast", "topolvm.io"));
    verify(objects, times(1)).storageClass("fast");
    now.set(NOW.plusSeconds(30));
    look("data");
    verify(objects, times(2)).storageClass("fast");
    verify(objects, times(3)).claim("shop", "data");
  }

  @Test
  void remembers_more_than_one_class() throws Exception {
    claim("data", Optional.empty(), Optional.of("fast"));
    claim("logs", Optional.empty(), Optional.of("large"));

    look("data", "logs");
    look("data", "logs");

    verify(objects, times(1)).storageClass("fast");
    verify(objects, times(1)).storageClass("large");
  }

  @Test
  void answers_in_time_although_the_cluster_does_not() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    when(objects.claim("shop", "data"))
        .thenAnswer(
            _ -> {
              never.await();
              return Optional.empty();
            });
    try (StorageLookup hasty = lookup(Duration.ofMillis(50), 1)) {
      assertThat(hasty.look("shop", List.of("data", "logs")))
          .containsExactly(
              new Unanswered("data", "no answer within 50ms"),
              new Unanswered("logs", "no answer within 50ms"));
    }
  }

  @Test
  void a_mistake_of_ours_is_an_unanswered_question() throws Exception {
    when(objects.claim("shop", "data")).thenThrow(new IllegalStateException("oops"));

    assertThat(look("data"))
        .containsExactly(new Unanswered("data", "java.lang.IllegalStateException: oops"));
  }

  @Test
  void does_not_queue_more_than_it_can_answer_in_time() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    hang("slow", entered, go);
    try (StorageLookup narrow = lookup(Duration.ofSeconds(10), 1)) {
      Thread other = Thread.ofPlatform().start(() -> narrow.look("shop", List.of("slow")));
      entered.await();

      assertThat(narrow.look("shop", List.of("data")))
          .containsExactly(new Unanswered("data", "too many look-ups at once"));

      go.countDown();
      other.join();
    }
  }

  @Test
  void who_is_about_to_be_free_is_waited_for() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    hang("slow", entered, go);
    Duration patient = Duration.ofSeconds(15);
    try (StorageLookup narrow =
        new StorageLookup(objects, _ -> false, patient, 1, patient, () -> NOW)) {
      Thread other = Thread.ofPlatform().start(() -> narrow.look("shop", List.of("slow")));
      entered.await();
      CompletableFuture<List<ClaimStorage>> answer = new CompletableFuture<>();
      Thread next =
          Thread.ofPlatform().start(() -> answer.complete(narrow.look("shop", List.of("data"))));
      while (next.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }

      go.countDown();

      assertThat(answer.get())
          .containsExactly(new Undetermined("data", "the claim does not exist yet"));
      other.join();
    }
  }

  @Test
  void a_class_is_known_by_who_makes_its_volumes_and_whether_these_stay() throws Exception {
    when(objects.storageClass("fast"))
        .thenReturn(Optional.of(new StorageClass("topolvm.io", false)));
    when(objects.storageClass("kept"))
        .thenReturn(Optional.of(new StorageClass("rancher.io/local-path", true)));
    when(objects.storageClass("shy"))
        .thenThrow(new LookupFailedException("cannot read", new IllegalStateException()));

    assertThat(lookup.classes(new TreeSet<>(Set.of("fast", "kept", "shy", "none"))))
        .containsExactly(
            new ClassStorage.Found("fast", "topolvm.io", false),
            new ClassStorage.Found("kept", "rancher.io/local-path", true),
            new ClassStorage.Unknown("none"),
            new ClassStorage.Unknown("shy"));
  }

  @Test
  void a_class_that_nobody_tells_about_in_time_is_unknown() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    when(objects.storageClass("fast"))
        .thenAnswer(
            _ -> {
              never.await();
              return Optional.empty();
            });
    try (StorageLookup hasty = lookup(Duration.ofMillis(50), 1)) {
      assertThat(hasty.classes(new TreeSet<>(Set.of("fast"))))
          .containsExactly(new ClassStorage.Unknown("fast"));
    }
  }

  private void claim(String name, Optional<String> volume, Optional<String> storageClass)
      throws LookupFailedException {
    when(objects.claim("shop", name)).thenReturn(Optional.of(new Claim(volume, storageClass)));
  }

  /** Whoever reads this claim says so, and waits until it may go on. */
  private void hang(String claim, CountDownLatch entered, CountDownLatch go) throws Exception {
    when(objects.claim("shop", claim))
        .thenAnswer(
            _ -> {
              entered.countDown();
              go.await();
              return Optional.empty();
            });
  }

  private List<ClaimStorage> look(String... claims) {
    return lookup.look("shop", List.of(claims));
  }

  private StorageLookup lookup(Duration deadline, int most) {
    return new StorageLookup(
        objects,
        storage ->
            storage instanceof OfClass(_, _, String provisioner) && provisioner.equals("enough"),
        deadline,
        most,
        now::get);
  }
}
