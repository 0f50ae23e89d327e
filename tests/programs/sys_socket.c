/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sockets: socketpair, passing descriptors and credentials, Unix names, options, messages.
 */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(void)
{
	int s[2], value = 0;
	socklen_t size = sizeof(value);
	char b[100] = "";

	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	SHOW(send(s[0], "hello", 5, 0), recv(s[1], b, 3, 0));
	printf("%.3s ", b);
	SHOW(recv(s[1], b, 100, MSG_PEEK), recv(s[1], b, 100, MSG_DONTWAIT),
	     recv(s[1], b, 1, MSG_DONTWAIT) < 0 ? errno : 0);
	getsockopt(s[0], SOL_SOCKET, SO_TYPE, &value, &size);
	SHOW(value == SOCK_STREAM, size);
	/* A descriptor through the socket. */
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	write(fd, "through", 7);
	union {
		struct cmsghdr h;
		char space[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec v = {"m", 1};
	struct msghdr m = {.msg_iov = &v,
			   .msg_iovlen = 1,
			   .msg_control = &control,
			   .msg_controllen = sizeof(control)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS,
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	printf("%zd\n", sendmsg(s[0], &m, 0));
	memset(&control, 0, sizeof(control));
	v.iov_base = b;
	printf("%zd", recvmsg(s[1], &m, 0));
	int got;
	memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(got));
	lseek(got, 0, SEEK_SET);
	memset(b, 0, sizeof(b));
	read(got, b, 50);
	printf(" %d %s\n", got != fd, b);
	struct ucred u;
	size = sizeof(u);
	getsockopt(s[0], SOL_SOCKET, SO_PEERCRED, &u, &size);
	SHOW(u.pid == getpid(), u.uid == getuid());
	shutdown(s[0], SHUT_WR);
	printf("%zd\n", recv(s[1], b, 1, 0));
	struct sockaddr_un a = {AF_UNIX, "sock"};
	int l = socket(AF_UNIX, SOCK_STREAM, 0), k = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(bind(l, (void *)&a, sizeof(a)), listen(l, 5),
	     connect(k, (void *)&a, sizeof(a)));
	struct sockaddr_un peer = {0};
	size = sizeof(peer);
	int x = accept4(l, (void *)&peer, &size, SOCK_CLOEXEC);
	SHOW(x > 0, size);
	size = sizeof(peer);
	getsockname(l, (void *)&peer, &size);
	printf("%s %d\n", peer.sun_path, bind(l, (void *)&a, sizeof(a)) < 0 ? errno : 0);
	struct mmsghdr mm[2] = {
		{{.msg_iov = &(struct iovec){"ab", 2}, .msg_iovlen = 1}},
		{{.msg_iov = &(struct iovec){"cde", 3}, .msg_iovlen = 1}}};
	printf("%d", sendmmsg(k, mm, 2, 0));
	memset(b, 0, sizeof(b));
	recv(x, b, 5, MSG_WAITALL);
	printf(" %s %u %u\n", b, mm[0].msg_len, mm[1].msg_len);
	int d = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in in = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}};
	size = sizeof(in);
	printf("%d", bind(d, (void *)&in, size));
	getsockname(d, (void *)&in, &size);
	printf(" %d", in.sin_port != 0);
	printf(" %d\n", connect(socket(AF_INET, SOCK_STREAM, 0), (void *)&in, size) < 0
				? errno
				: 0);
	printf("%d\n", socket(99, 1, 0) < 0 ? errno : 0);
	return 0;
}
