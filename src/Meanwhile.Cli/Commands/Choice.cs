using System.CommandLine;

namespace Meanwhile.Cli.Commands;

/// <summary>Options with a few possible values.</summary>
internal static class Choice
{
    /// <summary>Takes only these values; an error names the option and them in one line.</summary>
    public static void AcceptOneOf(this Option option, params string[] values)
    {
        option.CompletionSources.Add(values);
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (!values.Contains(token.Value))
                    result.AddError($"{option.Name}: '{token.Value}' is not possible; give one of: {string.Join(", ", values)}");
            }
        });
    }
}
