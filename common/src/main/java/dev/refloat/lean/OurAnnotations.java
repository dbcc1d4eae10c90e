package dev.refloat.lean;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import dev.refloat.optin.Names;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps annotations of our prefix only, and of their values no more than it takes to see that they
 * make no sense: a list is in memory until its last object has arrived, and annotations are most of
 * what an object without spec and status weighs.
 */
final class OurAnnotations extends JsonDeserializer<Map<String, String>> {

  private static final int LONGEST = 1_000;
  private static final int MOST = 100;

  @Override
  public Map<String, String> deserialize(JsonParser json, DeserializationContext context)
      throws IOException {
    Map<String, String> ours = new TreeMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (name.startsWith(Names.PREFIX) && ours.size() < MOST) {
        String value = json.getText();
        ours.put(name, value.length() <= LONGEST ? value : value.substring(0, LONGEST));
      } else {
        json.skipChildren();
      }
    }
    return ours;
  }
}
