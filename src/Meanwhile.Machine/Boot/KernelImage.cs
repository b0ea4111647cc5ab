namespace Meanwhile.Machine.Boot;

/// <summary>A kernel, ready to be placed into RAM.</summary>
/// <param name="Path">The file, for messages.</param>
/// <param name="Content">Bytes to load.</param>
/// <param name="Offset">Byte offset in RAM where they go.</param>
/// <param name="MemorySize">Bytes of RAM it needs from <paramref name="Offset"/> on, with its BSS.</param>
/// <param name="IsLinux">An arm64 Linux Image rather than a flat binary.</param>
internal sealed record KernelImage(string Path, ReadOnlyMemory<byte> Content, long Offset, long MemorySize, bool IsLinux);
