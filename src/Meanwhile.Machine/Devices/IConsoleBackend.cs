namespace Meanwhile.Machine.Devices;

/// <summary>The host's end of a console: where the guest's output goes.</summary>
public interface IConsoleBackend
{
    /// <summary>Takes output. Called on a vCPU's thread or a device's queue: buffers rather than blocks, and does not throw.</summary>
    void Write(ReadOnlySpan<byte> output);
}
