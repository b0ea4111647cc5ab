namespace Meanwhile.Migration.Transport;

/// <summary>How long a socket waits for its peer.</summary>
public sealed record LinkTimeouts
{
    /// <summary>To connect, and again to have proved who both are.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A peer from which nothing came, or which took nothing, for so long is gone.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After so long without a frame to send, one is sent that says nothing else.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What is left to be said to a peer when the session is done has so long to be taken.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(2);
}
