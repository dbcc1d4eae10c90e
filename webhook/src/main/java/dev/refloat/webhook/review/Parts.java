package dev.refloat.webhook.review;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.refloat.admission.PodFacts;
import dev.refloat.optin.Names;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts of a pod that can be large and keeps the little that matters of them, while the
 * rest streams by.
 */
final class Parts {

  /** We know five names of ours; what is beyond this was made to hurt. */
  private static final int MOST_ENTRIES = 50;

  /** No node can mount more. */
  private static final int MOST_CLAIMS = 256;

  private Parts() {}

  /** Keeps the labels or annotations of our prefix. */
  static final class OurEntries extends JsonDeserializer<Map<String, String>> {
    @Override
    public Map<String, String> deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      Map<String, String> ours = new TreeMap<>();
      eachField(
          json,
          name -> {
            if (name.startsWith(Names.PREFIX)) {
              ours.put(name, text(json));
              bound(json, ours.size(), MOST_ENTRIES, "entries of " + Names.PREFIX);
            }
          });
      return ours;
    }
  }

  /** Keeps the names of claims among a pod's volumes. */
  static final class ClaimNames extends JsonDeserializer<List<String>> {
    @Override
    public List<String> deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      Set<String> names = new LinkedHashSet<>();
      eachElement(
          json,
          () ->
              eachField(
                  json,
                  kind -> {
                    if (kind.equals("persistentVolumeClaim")
                        && json.hasToken(JsonToken.START_OBJECT)) {
                      eachField(
                          json,
                          name -> {
                            if (name.equals("claimName")) {
                              names.add(text(json));
                              bound(json, names.size(), MOST_CLAIMS, "claims");
                            }
                          });
                    }
                  }));
      return List.copyOf(names);
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

  private static void bound(JsonParser json, int size, int most, String what) throws IOException {
    if (size > most) {
      throw MismatchedInputException.from(json, List.class, "more than " + most + " " + what);
    }
  }
}
