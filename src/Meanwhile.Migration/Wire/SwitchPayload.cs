namespace Meanwhile.Migration.Wire;

/// <summary>SWITCH: what comes between here and PREPARE. u64 missing pages, u32 bytes of state, u32 0, u64 XXH3 of the state.</summary>
internal readonly record struct SwitchPayload(long MissingPages, int StateLength, ulong StateHash)
{
    public void Write(FrameWriter writer)
    {
        writer.UInt64((ulong)MissingPages);
        writer.UInt32((uint)StateLength);
        writer.UInt32(0);
        writer.UInt64(StateHash);
    }

    /// <exception cref="ProtocolException">More missing pages than RAM has, or more state than is taken.</exception>
    public static SwitchPayload Read(ReadOnlySpan<byte> payload, long pageCount)
    {
        var reader = new PayloadReader(FrameKind.Switch, payload);
        ulong missing = reader.UInt64();
        uint length = reader.UInt32();
        uint reserved = reader.UInt32();
        ulong hash = reader.UInt64();
        reader.End();
        if (missing > (ulong)pageCount)
            throw new ProtocolException($"{missing} missing pages of guest RAM with {pageCount}");
        return length <= Protocol.LongestState && reserved == 0
            ? new SwitchPayload((long)missing, (int)length, hash)
            : throw new ProtocolException($"{length} bytes of machine state, more than {Protocol.LongestState}");
    }
}
