// One test after the other: libhdf5's descriptors are inherited by child processes, so a recording that one test is writing would stay
// locked for as long as the command runs that another one starts.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
