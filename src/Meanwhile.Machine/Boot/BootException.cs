namespace Meanwhile.Machine.Boot;

/// <summary>The machine cannot boot what it was given. The message names the file and says what to do; it is meant for the user.</summary>
public sealed class BootException(string message, Exception? innerException = null) : Exception(message, innerException);
