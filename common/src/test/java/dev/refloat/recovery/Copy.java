package dev.refloat.recovery;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A fact that differs in one component. Facts have a dozen each; Java has no way to say that. */
final class Copy {

  private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();

  private Copy() {}

  /**
   * The same record, but for one component.
   *
   * @throws IllegalArgumentException if it has no such component, or one of another type
   */
  static <R extends Record> R with(R original, String component, Object value) {
    Shape shape = SHAPES.computeIfAbsent(original.getClass(), Shape::of);
    int changed = shape.names.indexOf(component);
    if (changed < 0) {
      throw new IllegalArgumentException(original.getClass() + " has no " + component);
    }
    try {
      Object[] values = new Object[shape.names.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = i == changed ? value : shape.accessors.get(i).invoke(original);
      }
      @SuppressWarnings("unchecked")
      R copy = (R) shape.constructor.newInstance(values);
      return copy;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot copy " + original, e);
    }
  }

  private record Shape(List<String> names, List<Method> accessors, Constructor<?> constructor) {

    static Shape of(Class<?> type) {
      List<RecordComponent> components = List.of(type.getRecordComponents());
      try {
        return new Shape(
            components.stream().map(RecordComponent::getName).toList(),
            components.stream().map(RecordComponent::getAccessor).toList(),
            type.getDeclaredConstructor(
                components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new)));
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException("no record: " + type, e);
      }
    }
  }
}
