// expect: blocked rule=computed-include
// The header's name is made of a macro's argument.
#define TEXT(x) #x
#define QUOTED(x) TEXT(x)
#include QUOTED(/proc/self/environ)

int main(void)
{
    return 0;
}
