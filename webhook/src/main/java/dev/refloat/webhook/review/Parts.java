package dev.refloat.webhook.review;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.refloat.admission.PodFacts;
import dev.refloat.kube.ClassNames;
import dev.refloat.optin.Names;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts of an object that can be large and keeps the little that matters of them, while
 * the rest streams by. What is too much to be true is left out and no mistake: the object is the
 * API server's to refuse.
 */
final class Parts {

  /** We know five names of ours. Among more than these there is a mistake in any case. */
  private static final int MOST_ENTRIES = 50;

  /** No node can mount more. */
  private static final int MOST_CLAIMS = 256;

  private static final int LONGEST_VALUE = 1000;

  private Parts() {}

  /** Keeps the labels or annotations of our prefix, and the one that names a claim's class. */
  static final class Entries extends JsonDeserializer<Map<String, String>> {
    @Override
    public Map<String, String> deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      Map<String, String> kept = new TreeMap<>();
      eachField(
          json,
          name -> {
            if (kept.size() < MOST_ENTRIES
                && (name.startsWith(Names.PREFIX) || name.equals(ClassNames.ANNOTATION))) {
              kept.put(name, brief(text(json)));
            }
          });
      return kept;
    }
  }

  /** Keeps those of a pod's volumes that are claims. */
  static final class Mounts extends JsonDeserializer<List<Review.Mount>> {
    @Override
    public List<Review.Mount> deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      List<Review.Mount> mounts = new ArrayList<>();
      eachElement(
          json,
          () -> {
            Volume volume = new Volume();
            volume.read(json);
            if (mounts.size() < MOST_CLAIMS && !volume.claim.isEmpty()) {
              mounts.add(new Review.Mount(volume.name, volume.claim));
            }
          });
      return List.copyOf(mounts);
    }
  }

  private static final class Volume {
    private String name = "";
    private String claim = "";

    private void read(JsonParser json) throws IOException {
      eachField(
          json,
          field -> {
            if (field.equals("name")) {
              name = text(json);
            } else if (field.equals("persistentVolumeClaim")
                && json.hasToken(JsonToken.START_OBJECT)) {
              eachField(
                  json,
                  inner -> {
                    if (inner.equals("claimName")) {
                      claim = text(json);
                    }
                  });
            }
          });
    }
  }

  /** Keeps a bounded number of claim templates. */
  static final class ClaimTemplates extends JsonDeserializer<List<Review.ClaimTemplate>> {
    @Override
    public List<Review.ClaimTemplate> deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      List<Review.ClaimTemplate> templates = new ArrayList<>();
      eachElement(
          json,
          () -> {
            if (templates.size() < MOST_CLAIMS) {
              templates.add(context.readValue(json, Review.ClaimTemplate.class));
            } else {
              json.skipChildren();
            }
          });
      return List.copyOf(templates);
    }
  }

  /** Keeps the one owner that is the controller; null if none is. */
  static final class ControllerReference extends JsonDeserializer<PodFacts.Controller> {
    @Override
    public PodFacts.@Nullable Controller deserialize(
        JsonParser json, DeserializationContext context) throws IOException {
      Owner owner = new Owner();
      eachElement(
          json,
          () -> {
            if (owner.controller) {
              json.skipChildren();
              return;
            }
            owner.read(json);
          });
      return owner.controller
          ? new PodFacts.Controller(owner.apiVersion, owner.kind, owner.name)
          : null;
    }
  }

  private static final class Owner {
    private String apiVersion = "";
    private String kind = "";
    private String name = "";
    private boolean controller = false;

    private void read(JsonParser json) throws IOException {
      apiVersion = "";
      kind = "";
      name = "";
      eachField(
          json,
          field -> {
            switch (field) {
              case "apiVersion" -> apiVersion = text(json);
              case "kind" -> kind = text(json);
              case "name" -> name = text(json);
              case "controller" -> controller = json.hasToken(JsonToken.VALUE_TRUE);
              default -> json.skipChildren();
            }
          });
    }
  }

  private interface OnField {
    /** The parser is at the value; what is left of it is skipped afterwards. */
    void accept(String name) throws IOException;
  }

  private interface OnElement {
    /** The parser is at the element. */
    void accept() throws IOException;
  }

  private static void eachField(JsonParser json, OnField onField) throws IOException {
    if (!json.hasToken(JsonToken.START_OBJECT)) {
      throw MismatchedInputException.from(json, Map.class, "expected an object");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      onField.accept(name);
      json.skipChildren();
    }
  }

  private static void eachElement(JsonParser json, OnElement onElement) throws IOException {
    if (!json.hasToken(JsonToken.START_ARRAY)) {
      throw MismatchedInputException.from(json, List.class, "expected an array");
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      onElement.accept();
    }
  }

  private static String text(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_STRING -> json.getText();
      case VALUE_NULL -> "";
      default -> throw MismatchedInputException.from(json, String.class, "expected a string");
    };
  }

  /** Enough to see what is wrong with it. A good value is far shorter. */
  private static String brief(String value) {
    return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "...";
  }
}
