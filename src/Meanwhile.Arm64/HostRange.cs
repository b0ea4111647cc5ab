namespace Meanwhile.Arm64;

/// <summary>Memory of the host that is kept for code, for people who look for where memory goes.</summary>
/// <param name="Address">Its first byte; not to be accessed.</param>
/// <param name="Size">Bytes, of which the host has committed what was used.</param>
/// <param name="IsAlias">It is a second mapping of memory that is another range.</param>
public readonly record struct HostRange(nint Address, long Size, bool IsAlias = false);
