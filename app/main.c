/* main - arguments to the console or to a one-shot command. */
#include <stdio.h>

int main(void)
{
	fputs("peerdeck: not yet\n", stderr);
	return 2;
}
