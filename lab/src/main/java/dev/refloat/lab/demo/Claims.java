package dev.refloat.lab.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What the demo claims to have shown, each asked of the API server at the end. */
final class Claims {

  private final List<String> broken = new ArrayList<>();
  private final Teller teller;

  Claims(Teller teller) {
    this.teller = teller;
  }

  void check(String claim, BooleanSupplier holds) {
    boolean true_ = holds.getAsBoolean();
    teller.note((true_ ? "ok    " : "FALSE ") + claim);
    if (!true_) {
      broken.add(claim);
    }
  }

  List<String> broken() {
    return List.copyOf(broken);
  }
}
