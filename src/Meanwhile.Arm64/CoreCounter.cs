namespace Meanwhile.Arm64;

/// <summary>A count of something a core did since it was made, for people who look for where time goes.</summary>
/// <param name="Name">Its name, in camel case.</param>
/// <param name="Value">The count.</param>
public readonly record struct CoreCounter(string Name, long Value);
