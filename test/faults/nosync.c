/* nosync: LD_PRELOAD; syncs that say "done" and do nothing. With it the crash points must find lost orders, or they find
 * nothing at all. */
int fsync(int fd);
int fdatasync(int fd);

int fsync(int fd)
{
	(void)fd;
	return 0;
}

int fdatasync(int fd)
{
	(void)fd;
	return 0;
}
