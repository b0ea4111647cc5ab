namespace Meanwhile.Machine.Boot;

/// <summary>Opens what the user named, with errors that say which file and why.</summary>
internal static class BootFile
{
    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="role">What it is to the machine, such as <c>kernel</c>.</param>
    public static FileStream Open(string path, string role)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BootException($"{role} '{path}' does not exist; check the path", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new BootException(
                $"{role} '{path}' cannot be read: {(Directory.Exists(path) ? "it is a directory" : "no permission")}", error);
        }
        catch (IOException error)
        {
            throw new BootException($"{role} '{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Reads a file whole.</summary>
    public static byte[] ReadAll(string path, string role)
    {
        using FileStream stream = Open(path, role);
        if (stream.Length > Array.MaxLength)
            throw new BootException($"{role} '{path}' is {stream.Length} bytes long, which no {role} is; check the path");
        var content = new byte[stream.Length];
        try
        {
            stream.ReadExactly(content);
        }
        catch (IOException error)
        {
            throw new BootException($"{role} '{path}' cannot be read: {error.Message}", error);
        }

        return content;
    }
}
