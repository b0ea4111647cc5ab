using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Meanwhile.Cli.Monitor.Qmp;

/// <summary>Whether a connection has ended on both sides, which the framework tells only to who reads to its end.</summary>
internal static unsafe partial class SocketStatus
{
    private const short HangUp = 0x10; // POLLHUP

    /// <summary>The other side has closed the connection. One that has only ended what it sends still waits for its answers (poll(2)).</summary>
    public static bool IsHungUp(Socket socket)
    {
        // Held, so that the descriptor is not another's by the time it is used.
        bool isHeld = false;
        try
        {
            socket.SafeHandle.DangerousAddRef(ref isHeld);
            // The kernel reads and writes this one structure, within the call.
            var request = new PollRequest { Descriptor = (int)socket.SafeHandle.DangerousGetHandle() };
            return Poll(&request, 1, 0) > 0 && (request.Returned & HangUp) != 0;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
        finally
        {
            if (isHeld)
                socket.SafeHandle.DangerousRelease();
        }
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollRequest* requests, nuint count, int milliseconds);

    // struct pollfd.
    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int Descriptor;
        public short Wanted;
        public short Returned;
    }
}
