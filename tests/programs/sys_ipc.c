/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What semctl, msgctl and shmctl say, field by field, in an IPC namespace of its own; timeouts,
 * SEM_UNDO over an exit, messages that are taken by type. */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
	struct seminfo *info;
};

static const char *error(long r)
{
	return r == -1 ? strerrorname_np(errno) : "ok";
}

static void show_perm(const struct ipc_perm *p)
{
	printf(" key %x uid %d cuid %d mode %o", p->__key, p->uid, p->cuid, p->mode);
}

static const char *near(time_t t)
{
	return t == 0 ? "0" : llabs((long long)(time(NULL) - t)) < 100 ? "now" : "wrong";
}

static void show_semid(const char *name, int r, const struct semid_ds *ds)
{
	printf("%s: %s", name, error(r < 0 ? -1 : 0));
	show_perm(&ds->sem_perm);
	printf(" otime %s ctime %s nsems %lu\n", near(ds->sem_otime), near(ds->sem_ctime),
	       (unsigned long)ds->sem_nsems);
}

static void semaphores(void)
{
	int id = semget(0x1234, 3, IPC_CREAT | 0640), status, index;
	unsigned short values[3] = {3, 2, 1}, got[3];
	struct sembuf ops[2] = {{0, -1, 0}, {2, 4, 0}}, wait_op = {1, -5, 0},
		      undo = {1, -1, SEM_UNDO};
	struct timespec timeout = {0, 20000000};
	struct seminfo info;
	struct {
		struct semid_ds ds;
		u64 behind;
	} own = {.behind = 1};
	struct semid_ds ds;
	pid_t pid;

	semctl(id, 0, IPC_STAT, (union semun){.buf = &own.ds});
	printf("behind it %d\n", own.behind == 1);
	memset(&ds, 0xff, sizeof(ds));
	show_semid("IPC_STAT", semctl(id, 0, IPC_STAT, (union semun){.buf = &ds}), &ds);
	printf("SETALL %s\n",
	       error(semctl(id, 0, SETALL, (union semun){.array = values})));
	printf("semop %s", error(semop(id, ops, 2)));
	printf(" GETALL %s", error(semctl(id, 0, GETALL, (union semun){.array = got})));
	printf(" %d %d %d, GETVAL %d, pid %d\n", got[0], got[1], got[2],
	       semctl(id, 2, GETVAL), semctl(id, 2, GETPID) == getpid());
	printf("semtimedop %s\n", error(semtimedop(id, &wait_op, 1, &timeout)));
	show_semid("IPC_STAT", semctl(id, 0, IPC_STAT, (union semun){.buf = &ds}), &ds);
	ds.sem_perm.mode = 0600;
	printf("IPC_SET %s\n", error(semctl(id, 0, IPC_SET, (union semun){.buf = &ds})));
	memset(&info, 0xff, sizeof(info));
	index = semctl(0, 0, IPC_INFO, (union semun){.info = &info});
	printf("IPC_INFO %d: %d %d %d %d %d %d %d %d %d %d\n", index, info.semmap,
	       info.semmni, info.semmns, info.semmnu, info.semmsl, info.semopm,
	       info.semume, info.semusz, info.semvmx, info.semaem);
	index = semctl(0, 0, SEM_INFO, (union semun){.info = &info});
	printf("SEM_INFO %d: %d %d\n", index, info.semusz, info.semaem);
	memset(&ds, 0xff, sizeof(ds));
	index = semctl(index, 0, SEM_STAT, (union semun){.buf = &ds});
	show_semid("SEM_STAT", index == id ? 0 : -1, &ds);
	memset(&ds, 0xff, sizeof(ds));
	show_semid("SEM_STAT_ANY",
		   semctl(0, 0, SEM_STAT_ANY, (union semun){.buf = &ds}) == id ? 0 : -1,
		   &ds);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		semop(id, &undo, 1);
		_exit(semctl(id, 1, GETVAL));
	}
	waitpid(pid, &status, 0);
	printf("SEM_UNDO %d, behind %d\n", WEXITSTATUS(status), semctl(id, 1, GETVAL));
	pid = fork();
	if (!pid)
		_exit(semop(id, &wait_op, 1) < 0 && errno == EIDRM ? 1 : 2);
	while (semctl(id, 1, GETNCNT) != 1)
		usleep(1000);
	printf("GETNCNT 1 GETZCNT %d SETVAL %s %s", semctl(id, 1, GETZCNT),
	       error(semctl(id, 0, SETVAL, (union semun){.val = 32768})),
	       error(semctl(id, 0, SETVAL, (union semun){.val = 32767})));
	printf(" bad %s", error(semctl(id, 0, 77, (union semun){.val = 1})));
	printf(" fault %s",
	       error(semctl(id, 0, IPC_STAT, (union semun){.buf = (void *)8})));
	printf(" RMID %s", error(semctl(id, 0, IPC_RMID)));
	waitpid(pid, &status, 0);
	printf(" %d\n", WEXITSTATUS(status));
}

static void show_msqid(const char *name, int r, const struct msqid_ds *ds)
{
	printf("%s: %s", name, error(r < 0 ? -1 : 0));
	show_perm(&ds->msg_perm);
	printf(" stime %s rtime %s ctime %s bytes %lu number %lu of %lu pids %d %d\n",
	       near(ds->msg_stime), near(ds->msg_rtime), near(ds->msg_ctime),
	       (unsigned long)ds->__msg_cbytes, (unsigned long)ds->msg_qnum,
	       (unsigned long)ds->msg_qbytes, ds->msg_lspid == getpid(),
	       ds->msg_lrpid == getpid());
}

static void messages(void)
{
	struct {
		long type;
		char text[32];
	} m = {5, "five"}, got;
	int id = msgget(IPC_PRIVATE, 0604), index;
	struct msginfo info;
	struct msqid_ds ds;

	memset(&ds, 0xff, sizeof(ds));
	show_msqid("IPC_STAT", msgctl(id, IPC_STAT, &ds), &ds);
	printf("msgsnd %s", error(msgsnd(id, &m, 20, 0)));
	m.type = 3;
	strcpy(m.text, "three");
	printf(" %s", error(msgsnd(id, &m, 6, IPC_NOWAIT)));
	m.type = 0;
	printf(" %s", error(msgsnd(id, &m, 6, 0)));
	m.type = 1;
	printf(" %s\n", error(msgsnd(id, &m, (size_t)-1, 0)));
	show_msqid("IPC_STAT", msgctl(id, IPC_STAT, &ds), &ds);
	memset(&info, 0xff, sizeof(info));
	index = msgctl(0, IPC_INFO, (void *)&info);
	printf("IPC_INFO %d: %d %d %d %d %d %d %d %d\n", index, info.msgpool, info.msgmap,
	       info.msgmax, info.msgmnb, info.msgmni, info.msgssz, info.msgtql,
	       info.msgseg);
	index = msgctl(0, MSG_INFO, (void *)&info);
	printf("MSG_INFO %d: %d %d %d\n", index, info.msgpool, info.msgmap, info.msgtql);
	show_msqid("MSG_STAT", msgctl(index, MSG_STAT, &ds) == id ? 0 : -1, &ds);
	show_msqid("MSG_STAT_ANY", msgctl(index, MSG_STAT_ANY, &ds) == id ? 0 : -1, &ds);
	printf("msgrcv %s", error(msgrcv(id, &got, 4, -4, 0)));
	printf(" %zd", msgrcv(id, &got, 4, -4, MSG_NOERROR));
	printf(" %ld %.4s", got.type, got.text);
	printf(" %s", error(msgrcv(id, &got, 32, 3, IPC_NOWAIT)));
	printf(" %zd", msgrcv(id, &got, 32, 3, MSG_EXCEPT));
	printf(" %ld %s\n", got.type, got.text);
	ds.msg_qbytes = 100;
	printf("IPC_SET %s\n", error(msgctl(id, IPC_SET, &ds)));
	show_msqid("IPC_STAT", msgctl(id, IPC_STAT, &ds), &ds);
	printf("RMID %s", error(msgctl(id, IPC_RMID, NULL)));
	printf(" %s\n", error(msgrcv(id, &got, 32, 0, 0)));
}

static void show_shmid(const char *name, int r, const struct shmid_ds *ds)
{
	printf("%s: %s", name, error(r < 0 ? -1 : 0));
	show_perm(&ds->shm_perm);
	printf(" size %zu atime %s dtime %s ctime %s pids %d %d attached %lu\n",
	       ds->shm_segsz, near(ds->shm_atime), near(ds->shm_dtime),
	       near(ds->shm_ctime), ds->shm_cpid == getpid(), ds->shm_lpid == getpid(),
	       (unsigned long)ds->shm_nattch);
}

static void memory(void)
{
	int id = shmget(77, 70000, IPC_CREAT | IPC_EXCL | 0606), index;
	struct shm_info used;
	struct shminfo info;
	struct shmid_ds ds;
	char *p, *q, *hole;

	memset(&ds, 0xff, sizeof(ds));
	show_shmid("IPC_STAT", shmctl(id, IPC_STAT, &ds), &ds);
	p = shmat(id, NULL, 0);
	q = shmat(id, NULL, SHM_RDONLY);
	p[69999] = 9;
	printf("shmat %d", q[69999]);
	/* Somewhere else: rounded down, over another mapping, over one without SHM_REMAP. */
	hole = mmap(NULL, 1 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf(" %s", error((long)shmat(id, hole + 100, 0)));
	printf(" %s", error((long)shmat(id, hole + 100, SHM_RND)));
	munmap(hole, 1 << 20);
	printf(" %d", shmat(id, hole + 100, SHM_RND) == hole);
	printf(" %d %d\n", shmat(id, hole, SHM_REMAP) == hole, hole[69999]);
	show_shmid("IPC_STAT", shmctl(id, IPC_STAT, &ds), &ds);
	memset(&info, 0xff, sizeof(info));
	index = shmctl(0, IPC_INFO, (void *)&info);
	printf("IPC_INFO %d: %lu %lu %lu %lu %lu\n", index, (unsigned long)info.shmmax,
	       (unsigned long)info.shmmin, (unsigned long)info.shmmni,
	       (unsigned long)info.shmseg, (unsigned long)info.shmall);
	memset(&used, 0xff, sizeof(used));
	index = shmctl(0, SHM_INFO, (void *)&used);
	printf("SHM_INFO %d: %d %lu %lu %lu\n", index, used.used_ids,
	       (unsigned long)used.shm_tot, (unsigned long)used.shm_rss,
	       (unsigned long)used.shm_swp);
	show_shmid("SHM_STAT", shmctl(index, SHM_STAT, &ds) == id ? 0 : -1, &ds);
	show_shmid("SHM_STAT_ANY", shmctl(index, SHM_STAT_ANY, &ds) == id ? 0 : -1, &ds);
	printf("SHM_LOCK %s", error(shmctl(id, SHM_LOCK, NULL)));
	shmctl(id, IPC_STAT, &ds);
	printf(" %o SHM_UNLOCK %s\n", ds.shm_perm.mode,
	       error(shmctl(id, SHM_UNLOCK, NULL)));
	printf("shmget %s", error(shmget(77, 70000, IPC_CREAT | IPC_EXCL | 0606)));
	printf(" %s\n", error(shmget(77, 170000, 0)));
	printf("shmdt %s", error(shmdt(p)));
	printf(" %s", error(shmdt(p)));
	printf(" RMID %s", error(shmctl(id, IPC_RMID, NULL)));
	/* Gone for those who ask, not for those who have it. */
	printf(" %s %d\n", error(shmget(77, 70000, 0)), q[69999]);
	show_shmid("IPC_STAT", shmctl(id, IPC_STAT, &ds), &ds);
	printf("shmdt %s %s", error(shmdt(q)), error(shmdt(hole)));
	printf(" %s\n", error(shmctl(id, IPC_STAT, &ds)));
}

static void write_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY);

	write(fd, text, strlen(text));
	close(fd);
}

/* Root of a namespace, else IPC_SET has no user to set. */
static void confine(void)
{
	char user[32], group[32];

	snprintf(user, sizeof(user), "0 %d 1", getuid());
	snprintf(group, sizeof(group), "0 %d 1", getgid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWIPC) < 0) {
		printf("no namespaces\n");
		exit(1);
	}
	write_file("/proc/self/uid_map", user);
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/gid_map", group);
}

int main(void)
{
	/* struct semid_ds is shorter on arm64. */
	printf("sizes %zu %zu %zu %zu %zu %zu\n", sizeof(struct msqid_ds),
	       sizeof(struct shmid_ds), sizeof(struct shminfo), sizeof(struct shm_info),
	       sizeof(struct msginfo), sizeof(struct seminfo));
	confine();
	semaphores();
	messages();
	memory();
	return 0;
}
