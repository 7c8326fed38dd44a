// expect: timeout rule=timeout
// unvalidated: timeout rule=timeout
// The plainest of all.
int main(void)
{
    for (volatile unsigned long i = 0;; i++)
        ;
}
