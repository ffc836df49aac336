namespace BrainModular.Formats;

/// <summary>A stream that refuses to give more than a number of bytes, whatever its source says of its length.</summary>
internal sealed class BoundedStream(Stream source, long most, Func<Exception> tooLong) : ForwardStream
{
    private long given;

    protected override Stream Source => source;

    public override int Read(Span<byte> buffer)
    {
        var read = source.Read(buffer);
        given += read;
        return given <= most ? read : throw tooLong();
    }
}
