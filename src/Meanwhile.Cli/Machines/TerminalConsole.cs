using System.Runtime.InteropServices;
using Meanwhile.Machine.Devices;

namespace Meanwhile.Cli.Machines;

/// <summary>
/// The guest's console on this process's terminal: keys go to the guest as they are typed, and what it prints is printed. Ctrl-A x leaves,
/// Ctrl-A twice sends one. A standard input that is no terminal is passed on as it comes.
/// </summary>
internal sealed unsafe partial class TerminalConsole : IConsoleBackend, IDisposable
{
    private const byte Escape = 0x01;
    private const int StandardInput = 0;
    private const int TcsaNow = 0;
    private const uint PostProcessOutput = 1; // OPOST
    private const int Interrupted = 4;
    private const int BufferSize = 256;

    // Larger than struct termios of any Linux C library (glibc: 60 bytes).
    private const int TermiosSize = 256;

    private readonly Stream output = Console.OpenStandardOutput();
    private readonly byte[] savedSettings = new byte[TermiosSize];
    private readonly bool isTerminal;
    private bool escaped;
    private bool disposed;

    /// <summary>Puts the terminal into raw mode, when there is one.</summary>
    public TerminalConsole()
    {
        // The buffers are larger than what the C library reads and writes.
        fixed (byte* saved = savedSettings)
        {
            isTerminal = IsATty(StandardInput) == 1 && TcGetAttr(StandardInput, saved) == 0;
            if (!isTerminal)
                return;
            byte* raw = stackalloc byte[TermiosSize];
            NativeMemory.Copy(saved, raw, TermiosSize);
            CfMakeRaw(raw);
            // c_oflag: our own messages to the terminal end in a line feed only; the guest's carriage returns do no harm.
            ((uint*)raw)[1] |= PostProcessOutput;
            TcSetAttr(StandardInput, TcsaNow, raw);
        }
    }

    /// <summary>Starts to pass input on.</summary>
    /// <param name="input">Takes what was typed.</param>
    /// <param name="leave">The user wants to leave.</param>
    /// <param name="failed">The thread that reads threw.</param>
    public void Connect(ReadOnlySpanAction input, Action leave, Action<Exception> failed)
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "console input" };
        thread.Start();

        void Run()
        {
            try
            {
                ReadInput(input, leave);
            }
            catch (Exception exception)
            {
                failed(exception);
            }
        }
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> guestOutput)
    {
        lock (output)
        {
            output.Write(guestOutput);
            output.Flush();
        }
    }

    /// <summary>Gives the terminal back as it was.</summary>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        if (!isTerminal)
            return;
        fixed (byte* saved = savedSettings)
            TcSetAttr(StandardInput, TcsaNow, saved);
    }

    private void ReadInput(ReadOnlySpanAction input, Action leave)
    {
        // read(2) itself: it takes terminals, pipes and files alike, where .NET's streams edit lines of a terminal or want to seek.
        byte* buffer = stackalloc byte[BufferSize];
        Span<byte> toGuest = stackalloc byte[BufferSize];
        while (true)
        {
            nint count = Read(StandardInput, buffer, BufferSize);
            if (count < 0 && Marshal.GetLastPInvokeError() == Interrupted)
                continue;
            if (count <= 0)
                return;
            int kept = 0;
            foreach (byte key in new ReadOnlySpan<byte>(buffer, (int)count))
            {
                if (!isTerminal || !Filter(key, leave, out bool pass))
                    pass = true;
                if (pass)
                    toGuest[kept++] = key;
            }
            if (kept > 0)
                input(toGuest[..kept]);
        }
    }

    /// <summary>True when the key was looked at: <paramref name="pass"/> tells whether the guest gets it.</summary>
    private bool Filter(byte key, Action leave, out bool pass)
    {
        pass = false;
        if (!escaped)
        {
            escaped = key == Escape;
            pass = !escaped;
            return true;
        }
        escaped = false;
        pass = key == Escape;
        if (key is (byte)'x' or (byte)'X')
            leave();
        return true;
    }

    /// <summary>Takes input bytes.</summary>
    internal delegate void ReadOnlySpanAction(ReadOnlySpan<byte> input);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsATty(int descriptor);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int TcGetAttr(int descriptor, byte* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int TcSetAttr(int descriptor, int when, byte* settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void CfMakeRaw(byte* settings);
}
