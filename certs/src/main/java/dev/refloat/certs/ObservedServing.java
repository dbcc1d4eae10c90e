package dev.refloat.certs;

/** A server whose changes of certificate are observed. */
record ObservedServing(Serving server, CertificateObserver observer) implements Serving {

  @Override
  public Load serve(Credential credential) {
    Load load = server.serve(credential);
    switch (load) {
      case Load.Loaded() -> {
        observer.happened(CertificateObserver.Kind.SERVING, CertificateStep.LOADED);
        observer.ends(CertificateObserver.Kind.SERVING, credential.notAfter());
      }
      case Load.Unchanged() ->
          observer.ends(CertificateObserver.Kind.SERVING, credential.notAfter());
      case Load.Refused _ -> observer.loadFailed();
    }
    return load;
  }
}
