namespace BrainModular.Formats.Hdf5;

/// <summary>An identifier of libhdf5 that is given back when disposed of; a negative one stands for failure.</summary>
internal readonly struct Handle(long id) : IDisposable
{
    public long Id => id;

    public bool Failed => id < 0;

    public static implicit operator long(Handle handle) => handle.Id;

    public void Dispose()
    {
        if (id >= 0)
        {
            _ = Native.H5Idec_ref(id);
        }
    }
}
