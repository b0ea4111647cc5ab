namespace Meanwhile.Migration.Sessions;

/// <summary>One line of a table of transitions.</summary>
internal readonly record struct Transition<TState, TInput>(TState From, TInput Input, TState To);

/// <summary>A state that changes as a table says and in no other way. Not synchronised.</summary>
internal sealed class StateMachine<TState, TInput>(TState initial, IReadOnlyList<Transition<TState, TInput>> table)
    where TState : struct, Enum
    where TInput : struct, Enum
{
    private readonly Dictionary<(TState, TInput), TState> next = table.ToDictionary(line => (line.From, line.Input), line => line.To);

    /// <summary>The state.</summary>
    public TState State { get; private set; } = initial;

    /// <summary>True when the table has a line for this input in this state.</summary>
    public bool Takes(TInput input) => next.ContainsKey((State, input));

    /// <summary>Changes the state; false, and no change, when the table has no line for this.</summary>
    public bool TryTake(TInput input)
    {
        if (!next.TryGetValue((State, input), out TState to))
            return false;
        State = to;
        return true;
    }
}
