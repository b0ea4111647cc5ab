using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Commands;

/// <summary>The file that a <c>--json</c> option names.</summary>
internal static class JsonFile
{
    /// <summary>Tells before a long run, not after it, that the file cannot be written; changes nothing in it.</summary>
    /// <exception cref="UserError">It cannot.</exception>
    public static void Check(string path) => Open(path, FileMode.OpenOrCreate).Dispose();

    /// <summary>Writes a report to it.</summary>
    /// <exception cref="UserError">It cannot be written.</exception>
    public static void Write<T>(string path, T report, JsonTypeInfo<T> type)
    {
        try
        {
            using FileStream file = Open(path, FileMode.Create);
            // Quotes and plus signs as they are: the file is for no web page.
            using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            JsonSerializer.Serialize(json, report, type);
        }
        catch (IOException error)
        {
            throw new UserError($"--json: '{path}' cannot be written: {error.Message}");
        }
    }

    private static FileStream Open(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.Write);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserError($"--json: '{path}' cannot be written: {error.Message}");
        }
    }
}
