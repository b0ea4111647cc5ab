namespace Meanwhile.Migration.Transport;

/// <summary>A link cannot be made or listened on; the text says why and what to do.</summary>
public sealed class TransportException(string message) : Exception(message);
