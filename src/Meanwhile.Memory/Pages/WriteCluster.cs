namespace Meanwhile.Memory.Pages;

/// <summary>Pages that go to consecutive slots in one write.</summary>
internal sealed record WriteCluster(int FirstSlot, long[] Pages);
