namespace Meanwhile.Cli.Monitor.Qmp;

/// <summary>A command that cannot be done: what the client gets as <c>error</c>.</summary>
/// <param name="description">For people; names the thing and what to do.</param>
/// <param name="errorClass">One of QMP's classes (qmp-spec, "Error response").</param>
internal sealed class QmpException(string description, string errorClass = QmpException.GenericError) : Exception(description)
{
    /// <summary>The class of nearly all errors.</summary>
    public const string GenericError = "GenericError";

    /// <summary>There is no such command, or not in this mode.</summary>
    public const string CommandNotFound = "CommandNotFound";

    /// <summary>The error's class.</summary>
    public string ErrorClass { get; } = errorClass;
}
