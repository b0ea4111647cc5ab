namespace Meanwhile.Migration.Wire;

/// <summary>The peer sent what the protocol does not allow. The text names the thing; the session ends or pauses, the process goes on.</summary>
public sealed class ProtocolException(string message) : Exception(message);
