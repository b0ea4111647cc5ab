namespace Meanwhile.Cli.Host;

/// <summary>Something the user can put right: printed as one line without a stack trace, and the command exits with 2.</summary>
internal sealed class UserError(string message) : Exception(message);
