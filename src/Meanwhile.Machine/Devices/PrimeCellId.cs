namespace Meanwhile.Machine.Devices;

/// <summary>The identification registers at the end of every PrimeCell's frame: PeriphID0..3, then PCellID0..3, a byte each.</summary>
internal static class PrimeCellId
{
    private const ulong First = 0xFE0;
    private const ulong Last = 0xFFC;

    private static ReadOnlySpan<byte> CellId => [0x0D, 0xF0, 0x05, 0xB1];

    /// <summary>The register at <paramref name="offset"/>, or 0 when there is none.</summary>
    /// <param name="offset">Byte offset in the frame.</param>
    /// <param name="peripheralId">PeriphID0 in the low byte.</param>
    public static uint Read(ulong offset, uint peripheralId)
    {
        if (offset is < First or > Last || (offset & 3) != 0)
            return 0;
        int index = (int)((offset - First) >> 2);
        return index < 4 ? (byte)(peripheralId >> (index * 8)) : CellId[index - 4];
    }
}
