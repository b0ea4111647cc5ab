namespace Meanwhile.Migration.Snapshots;

/// <summary>A snapshot cannot be written or used. The message names the file and says why; it is meant for the user.</summary>
public sealed class SnapshotException(string message, Exception? innerException = null) : Exception(message, innerException);
